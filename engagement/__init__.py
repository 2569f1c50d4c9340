"""The command line of the project: builds a copy and publishes it if every test passed."""
