/** The generated client names this type of the DOM library; the types of Node's own fetch know it without the name. */
type BodyInit = NonNullable<RequestInit['body']>;
