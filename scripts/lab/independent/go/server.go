// Serves the transfer of one telephone call with net/http.
//
// go run server.go --token secret --port 0 [--fault plain-errors|number-coerced|wrong-leg]
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

const owner, extension, callID = "12", "0003*210", "b817d2618fe6f1804333"

var (
	token   = flag.String("token", "token", "the token that is accepted")
	port    = flag.Int("port", 0, "the port, 0 for a free one")
	fault   = flag.String("fault", "", "plain-errors, number-coerced or wrong-leg")
	number  = regexp.MustCompile(`\A(?:\+?[0-9]+|[0-9*]+)\z`)
	lock    sync.Mutex
	parties = [2]string{"0003*210", "0003*024"}
)

// write sends a JSON body.
func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

// refuse sends an error body.
func refuse(w http.ResponseWriter, status int, code, message string) {
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	if *fault == "plain-errors" {
		http.Error(w, message, status)
		return
	}
	write(w, status, map[string]any{"error": map[string]string{"code": code, "message": message}})
}

// find checks the token and the path, and refuses what is wrong with them.
func find(w http.ResponseWriter, r *http.Request) bool {
	scheme, credentials, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	switch {
	case !strings.EqualFold(scheme, "Bearer") || strings.TrimLeft(credentials, " ") != *token:
		refuse(w, 401, "access_denied", "The request carries no valid token.")
	case !slices.Contains([]string{owner, "@me", "@viewer", "@owner"}, r.PathValue("userId")):
		refuse(w, 400, "user_invalid", "userId names no User.")
	case !slices.Contains([]string{extension, "@self"}, r.PathValue("extension")):
		refuse(w, 400, "extension_invalid", "extension names no extension.")
	case r.PathValue("phoneCallId") != callID:
		refuse(w, 400, "pc_phoncall_invalid", "phoneCallId names no phone call.")
	default:
		return true
	}
	return false
}

// summary describes the call without its details.
func summary() map[string]any {
	self := "/uapi/phoneCalls/" + owner + "/" + extension + "/" + callID
	return map[string]any{"id": callID, "extension": extension, "link": map[string]string{"self": self}}
}

// transfer moves the call.
func transfer(w http.ResponseWriter, r *http.Request) {
	if !find(w, r) {
		return
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Header.Get("Content-Type") != "" && (err != nil || media != "application/json") {
		refuse(w, 415, "media_type_unsupported", "The body must be application/json.")
		return
	}
	// A map keeps the names of members exact; a struct would match them without regard to case.
	var body map[string]any
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil || json.Unmarshal(text, &body) != nil || body == nil {
		refuse(w, 400, "pc_sendcallto_invalid", "The body is no JSON object.")
		return
	}
	if body["action"] != "Transfer" {
		refuse(w, 501, "request_not_implemented", "The action is not implemented.")
		return
	}
	values := map[string]string{}
	for _, member := range [][2]string{{"sendCallTo", "pc_sendcallto_invalid"},
		{"transferFromNumber", "pc_transfer_from_number_invalid"}, {"transferNumber", "pc_transfer_number_invalid"}} {
		given, sent := body[member[0]]
		value, isText := given.(string)
		if digits, isNumber := given.(float64); isNumber && *fault == "number-coerced" {
			value, isText = fmt.Sprintf("%.0f", digits), true
		}
		if member[0] == "transferNumber" && !sent {
			continue
		}
		if !isText || !number.MatchString(value) {
			refuse(w, 400, member[1], member[0]+" is missing or is no phone number.")
			return
		}
		values[member[0]] = value
	}
	lock.Lock()
	leaves := 1
	if parties[0] == values["transferFromNumber"] ||
		(parties[1] != values["transferFromNumber"] && parties[1] == values["transferNumber"]) {
		leaves = 0
	}
	if *fault == "wrong-leg" {
		leaves = 1 - leaves
	}
	parties[leaves] = values["sendCallTo"]
	lock.Unlock()
	write(w, 200, summary())
}

// read returns the call.
func read(w http.ResponseWriter, r *http.Request) {
	if find(w, r) {
		lock.Lock()
		source, destination := parties[0], parties[1]
		lock.Unlock()
		body := summary()
		body["phoneCallView"] = []any{map[string]any{"id": "01", "extension": extension, "status": "5",
			"source": []string{source}, "destination": []string{destination}}}
		write(w, 200, body)
	}
}

func main() {
	flag.Parse()
	path := "/uapi/phoneCalls/{userId}/{extension}/{phoneCallId}"
	for _, end := range []string{"", "/{$}"} {
		http.HandleFunc("PUT "+path+end, transfer)
		http.HandleFunc("GET "+path+end, read)
		http.HandleFunc(path+end, func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, 501, "request_not_implemented", "There is no such operation.")
		})
	}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, 404, "request_not_implemented", "There is no such operation.")
	})
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		panic(err)
	}
	fmt.Printf("http://%s\n", listener.Addr())
	panic(http.Serve(listener, nil))
}
