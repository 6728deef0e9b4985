"""The command line: parse, ask the session's services, print. It knows no SQL, no keys and no parser."""
