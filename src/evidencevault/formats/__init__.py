"""Published formats, read and written to the byte: age, Merkle trees, signed notes, SSHSIG, BagIt. Pure, no state."""
