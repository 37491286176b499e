"""Text from a model at a place: the child process, the wire, slots, the queue, and a scripted engine for tests."""
