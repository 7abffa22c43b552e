"""Serves the transfer of one telephone call with FastAPI.

python server.py --token secret --port 0 [--fault detail|stale-workers|plain-errors]
"""

import argparse
import json
import re
import secrets
import socket

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel, StrictStr, field_validator
from starlette.exceptions import HTTPException

parser = argparse.ArgumentParser()
parser.add_argument("--token", default="token")
parser.add_argument("--port", type=int, default=0)
parser.add_argument("--fault", choices=["detail", "plain-errors", "stale-workers"])
options = parser.parse_args()

CODES = {
    "sendCallTo": "pc_sendcallto_invalid",
    "transferFromNumber": "pc_transfer_from_number_invalid",
    "transferNumber": "pc_transfer_number_invalid",
}
NUMBER = re.compile(r"\+?[0-9]+|[0-9*]+")
CALL = {"id": "b817d2618fe6f1804333", "extension": "0003*210"}
OWNER = "12"
FIRST = ("0003*210", "0003*024")
state = {"parties": FIRST, "readings": 0}


class Refused(Exception):
    """Is raised for a request that is refused."""

    def __init__(self, status, code, message):
        self.status, self.code, self.message = status, code, message


class PhoneCallAction(BaseModel):
    """Describes the body of a transfer."""

    action: StrictStr
    sendCallTo: StrictStr
    transferFromNumber: StrictStr
    transferNumber: StrictStr = ""

    @field_validator(*CODES)
    @classmethod
    def check_number(cls, value):
        """Refuses what is no number."""
        if not NUMBER.fullmatch(value):
            raise ValueError("The value is no phone number.")
        return value


app = FastAPI(openapi_url=None, redirect_slashes=False)


def refusal(status, code, message):
    """Makes the answer to a refused request."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if options.fault == "plain-errors":
        return PlainTextResponse(message, status, headers)
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


@app.exception_handler(Refused)
async def handle_refused(_request, error):
    """Answers a refused request."""
    return refusal(error.status, error.code, error.message)


@app.exception_handler(RequestValidationError)
async def handle_validation(_request, error):
    """Answers a body that its model refuses, with the documented status in place of FastAPI's 422."""
    first = error.errors()[0]
    if options.fault == "detail":
        return JSONResponse({"detail": json.loads(json.dumps(error.errors(), default=str))}, 422)
    names = [name for name in first["loc"] if name in CODES]
    if "action" in first["loc"]:
        return refusal(501, "request_not_implemented", first["msg"])
    return refusal(400, CODES[names[0] if names else "sendCallTo"], first["msg"])


@app.exception_handler(HTTPException)
async def handle_http(request, error):
    """Answers what Starlette refuses: unknown paths and methods, and bodies that cannot be read."""
    here = request.url.path.startswith("/uapi/phoneCalls/")
    status = 501 if error.status_code == 405 or (here and error.status_code == 404) else error.status_code
    code = "pc_sendcallto_invalid" if status == 400 else "request_not_implemented"
    return refusal(status, code, str(error.detail))


@app.exception_handler(Exception)
async def handle_failure(_request, error):
    """Answers a failure of the server."""
    return refusal(500, "internal_server_error", type(error).__name__)


def find(userId: str, extension: str, phoneCallId: str, request: Request):
    """Checks the token and finds the call that the path names."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secrets.compare_digest(token.strip(" ").encode(), options.token.encode()):
        raise Refused(401, "access_denied", "The request carries no valid token.")
    if userId not in (OWNER, "@me", "@viewer", "@owner"):
        raise Refused(400, "user_invalid", "userId names no User.")
    if extension not in (CALL["extension"], "@self"):
        raise Refused(400, "extension_invalid", "extension names no extension.")
    if phoneCallId != CALL["id"]:
        raise Refused(400, "pc_phoncall_invalid", "phoneCallId names no phone call.")
    return f"{request.base_url}uapi/phoneCalls/{OWNER}/{CALL['extension']}/{CALL['id']}"


PATH = "/uapi/phoneCalls/{userId}/{extension}/{phoneCallId}"


@app.put(PATH + "/")
@app.put(PATH)
async def transfer(action: PhoneCallAction, link: str = Depends(find)):
    """Transfers the call."""
    if action.action != "Transfer":
        raise Refused(501, "request_not_implemented", "The action is not implemented.")
    source, destination = state["parties"]
    leaves = source if action.transferNumber == destination else destination
    if action.transferFromNumber in state["parties"]:
        leaves = action.transferFromNumber
    state["parties"] = tuple(action.sendCallTo if party == leaves else party for party in (source, destination))
    return {**CALL, "link": {"self": link}}


@app.get(PATH + "/")
@app.get(PATH)
async def read(link: str = Depends(find)):
    """Returns the call."""
    state["readings"] += 1
    stale = options.fault == "stale-workers" and state["readings"] % 2 == 0
    source, destination = FIRST if stale else state["parties"]
    view = {"id": "01", "extension": CALL["extension"], "status": "5", "source": [source], "destination": [destination]}
    return {**CALL, "ownerId": "3", "ownerName": "Default Organization", "phoneCallView": [view], "link": {"self": link}}


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", options.port))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listener])
