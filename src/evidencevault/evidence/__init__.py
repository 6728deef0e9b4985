"""Evidence: what comes in, how it is read, found again and handed out; every act is an entry of the ledger."""
