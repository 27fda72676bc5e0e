// The SQL files, embedded.
