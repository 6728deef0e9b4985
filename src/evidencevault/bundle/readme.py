"""``verify/README``: the commands that check a bundle with stock tools, and what they do not prove."""

from __future__ import annotations

from evidencevault.bundle.contents import Cover

PATH = "verify/README"


def readme(cover: Cover) -> bytes:
    """The commands that check the bundle with stock tools, and what they do not prove."""
    return _README.format(
        unseal=_UNSEAL[cover.seal].format(name=cover.name),
        name=cover.name,
        fingerprint=cover.fingerprint,
        origin=cover.origin,
        size=cover.checkpoint_size,
    ).encode() + (_ACCESS.format(person=cover.access).encode() if cover.access else b"")


_UNZIP = "\n       unzip -t {name}.zip && unzip {name}.zip"
_UNSEAL = {
    "x25519": "       age -d -i YOUR-KEY {name}.zip.age > {name}.zip" + _UNZIP,
    "hybrid": "       age -d -i YOUR-KEY {name}.zip.age > {name}.zip"
    + _UNZIP
    + '\n\n   It is sealed to post-quantum keys (age1pq...): that takes age 1.3.0 or newer. "age --version" tells.',
    "passphrase": "       age -d {name}.zip.age > {name}.zip" + _UNZIP + "\n\n   age asks for the passphrase.",
    "zip": "       7z x {name}.zip\n       unzip -t {name}-bag.zip && unzip {name}-bag.zip\n\n"
    "   7-Zip asks for the passphrase; {name}.zip is a ZIP with AES-256 (WinZip AE-2) and holds {name}-bag.zip.",
}
"""How a bundle is opened, by what it was sealed with."""

_README = """Checking the bundle {name}
===========================================

index.html lists the documents in any browser, offline, and checks every file and the signature once this folder is
dropped on it. It was written by the sender like everything here: a forged page can say what its forger likes. What
follows does not ask it, and works with tools that every investigator can get. Run it in the folder that holds this bag
(the one with bagit.txt).

1. Unseal (you did this already):

{unseal}

2. Every file is as it was when the bag was made:

       sha256sum -c manifest-sha256.txt
       sha512sum -c manifest-sha512.txt
       sha256sum -c tagmanifest-sha256.txt

   or, with the Library of Congress' tool:  bagit.py --validate .

   No other file lies here. This prints tagmanifest-sha256.txt and tagmanifest-sha256.txt.sig, which stand in no list,
   and nothing else:

       {{ cut -c 67- manifest-sha256.txt tagmanifest-sha256.txt; find . ! -type d | cut -c 3-; }} | sort | uniq -u

3. The bag was made by the holder of one key:

       ssh-keygen -Y verify -f allowed_signers -I evidencevault-release -n evidencevault-bundle \\
           -s tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt

   allowed_signers lies in the bag itself and so proves nothing until you compare this fingerprint with the
   sender by another way (by telephone, in person):

       {fingerprint}

4. What was done with each exhibit stood in the chain of custody when the bundle was made:
   data/custody/entries.json holds the disclosed fields of these entries with their salts, the commitments of the
   fields that are not disclosed, an RFC 6962 inclusion proof for each, and a signed checkpoint (also alone in
   data/custody/checkpoint) of the ledger

       {origin}

   with {size} entries. The same for people is in data/custody/report.pdf, and for other programs (CASE/UCO, to be
   checked with case_validate) in data/case.jsonld. The encodings are in the published formats document of
   EvidenceVault; its command
   "evidencevault bundle verify FILE" does all of this at once and needs no vault.

5. Nothing was rewritten since an earlier bundle of the same case: data/custody/consistency.json holds, for each
   bundle released before, its checkpoint and the RFC 6962 consistency proof from there to this one. If you have an
   earlier bundle (or only its data/custody/checkpoint):

       evidencevault bundle verify FILE --previous EARLIER

6. Where there is a data/custody/timestamp.tsr, an authority outside the house stamped the checkpoint beside it
   (data/custody/timestamp.checkpoint), and data/custody/consistency.json proves that this bundle's checkpoint
   continues that one. With the authority's root certificate, from the authority itself:

       openssl ts -verify -in data/custody/timestamp.tsr -data data/custody/timestamp.checkpoint -CAfile ROOT.pem

What this proves
----------------
That the files are those that the holder of the key released; that the entries shown stand, in this order, in the
ledger with this checkpoint; that the SHA-256 of an original, where it is disclosed, is the one noted at its import.

What it does not prove
----------------------
That the exhibits are true, complete or lawfully obtained; that the clock of the vault was right; that everything that
should have been marked was marked. Pages of redacted documents are pictures made after the marked areas were
overwritten; the SHA-256 of their originals is not disclosed, because it would confirm a guessed name. Its salted
commitment is in index.csv and can be opened for a court; "evidencevault custody verify-disclosure FILE --against
BUNDLE" checks what was opened, and needs no vault.
"""

_ACCESS = """
An answer to a request for access
---------------------------------
This bundle answers the request of the person who stands as "{person}" in this case for access to what is about them
(art. 15 GDPR). In these copies their own names were left open; names and other data of everybody else were hidden
(art. 15(4)), and where it was in doubt whose name it is, it was hidden. data/withheld.csv says how many documents are
about the person, how many of them were delivered, which were refused and for which reason, and how many items of the
case are not about the person. Against a refusal a complaint to the supervisory authority or an appeal to a court is
open (art. 12(4) GDPR).
"""
