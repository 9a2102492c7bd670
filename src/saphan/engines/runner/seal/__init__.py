"""What runs inside: a worker that closes itself up and then runs an exhibit's code."""
