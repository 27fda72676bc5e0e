// The room of API.
