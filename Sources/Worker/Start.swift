// The room of Worker.
