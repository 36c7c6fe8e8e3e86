"""The supervisor behind `make run`: web, jobs and the local mailbox in one command."""
