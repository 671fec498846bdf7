"""`python -m bot` is `kvizor`."""

from bot.cli import main

main()
