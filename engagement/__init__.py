"""The command line of the project: builds into a copy, and publishes when everything passed."""
