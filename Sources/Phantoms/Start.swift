// The room of Phantoms.
