"""`python -m engagement`."""

from engagement.cli import main

if __name__ == "__main__":
    main()
