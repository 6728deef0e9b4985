"""The process that parses what others wrote. Nothing else of the program imports this package: it is started."""
