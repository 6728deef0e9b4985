"""The words of the page that lies in a bundle, in every language of the program, out of its one catalogue."""

from __future__ import annotations

from evidencevault.resources import LANGUAGES, later, tr_in

RIGHT_TO_LEFT = frozenset({"ar"})

_ABOUT = {
    "offline": later("Everything here lies on your disk: nothing is loaded from elsewhere, and nothing is sent."),
    "language": later("Language"),
    "to_documents": later("Go to the documents"),
    "about": later("About this bundle"),
    "case": later("Case"),
    "bundle": later("Bundle"),
    "made": later("Made at"),
    "purpose": later("Purpose"),
    "legal_basis": later("Legal basis"),
    "approval": later("Approval"),
    "second_person": later("by a second person"),
    "chain": later("Chain of custody"),
    "entries": later("Entries in the chain"),
    "key": later("Released under the key"),
    "compare": later("Compare this fingerprint with the sender by telephone or in person, on a number you had before."),
    "in_words": later("The same in eight words"),
    "words_how": later(
        "Words are easier to compare by telephone: have the sender say theirs, and compare each with these. They are "
        "English words in every language, and in the program of the sender they are the same."
    ),
    "qr": later("Fingerprint and words as a QR code"),
    "no_script": later(
        "Scripts are off in this browser: this page lists the documents, but cannot filter or check them. Use the "
        "commands below."
    ),
}
_CHECK = {
    "check": later("Check the files"),
    "check_how": later(
        "Drop the whole folder of this bundle here (the one that holds bagit.txt), or choose it. The browser computes "
        "the SHA-256 of every file and compares it with the manifests and with this page."
    ),
    "check_upload": later(
        "The browser may ask whether you want to “upload” the files. It only lets this page read them; the page is not "
        "able to send anything."
    ),
    "choose": later("Choose the folder…"),
    "cancel": later("Cancel"),
    "reading": later("Reading the folder…"),
    "progress": later("{done} of {all} checked"),
    "no_crypto": later(
        "This browser does not let a page from disk compute a SHA-256. Use the commands below, or another browser."
    ),
    "v_good": later("Every file is the one that this page and the manifests name: {n} files, {size}."),
    "v_bad": later("Not as it was released. Findings: {n}. Do not rely on this folder; ask for the bundle again."),
    "v_part": later("What could be checked is right, but some files could not be checked here: {n}."),
    "v_stopped": later("Stopped. Files not checked: {n}. This says nothing about the bundle."),
    "v_none": later("There is no bundle in what you gave. Give the whole folder, the one that holds bagit.txt."),
    "v_many": later("There is more than one bundle in what you gave. Give one folder."),
    "v_unreadable": later("The folder cannot be read in this way. Choose it with the button."),
    "findings": later("Findings"),
    "all_files": later("All files"),
    "file": later("File"),
    "result": later("Result"),
    "s_right": later("right"),
    "s_changed": later("changed"),
    "s_missing": later("missing"),
    "s_extra": later("in no manifest"),
    "s_differs": later("other than on this page"),
    "s_unnamed": later("not on this page"),
    "s_malformed": later("not a valid manifest"),
    "s_twice": later("there twice"),
    "s_other": later("of another bundle"),
    "s_unread": later("could not be read"),
    "s_large": later("too large to be checked here"),
    "s_unlisted": later("stands in no list, as it must"),
    "expected": later("Expected"),
    "found": later("Found"),
    "n_holds": later("has the content of {path}"),
    "n_bundle": later("names the bundle {name}"),
    "n_line": later("line {n}"),
    "n_system": later("Operating systems put such files into folders that are looked at."),
    "n_large": later("Compare what this command says with what is expected:"),
}
_SIGNATURE = {
    "signature": later("Signature"),
    "g_right": later("The signature over the list of all files fits this key:"),
    "g_wrong": later("The signature does not fit the list of files. Do not rely on this folder."),
    "g_missing": later("The signature or its key is missing. Do not rely on this folder."),
    "g_other": later("The signature is of another key than the one that this page names:"),
    "g_unable": later("This browser cannot check the signature (Ed25519). Use the command with ssh-keygen below."),
    "proves": later("What this proves"),
    "proves_files": later(
        "That the files in the folder are those that this page and the manifests name: none was changed, lost or added "
        "since they were written."
    ),
    "proves_not": later("What it does not prove"),
    "not_who": later(
        "Who made the bundle. Whoever forges a bundle can put their own key into it. Only the fingerprint, compared "
        "with the sender by another way, ties the signature to somebody."
    ),
    "not_page": later(
        "That this page tells the truth. A forged page can show green for anything. Where it matters, use the commands "
        "or the program: they do not ask this page."
    ),
    "not_truth": later(
        "That the exhibits are true, complete or lawfully obtained, or that everything was marked that should have "
        "been. data/leak-check.json says what was searched in each document, and how."
    ),
    "without": later("Check without this page"),
    "without_how": later("In the folder that holds bagit.txt:"),
    "without_also": later(
        "On macOS: shasum -a 256 instead of sha256sum. On Windows: Get-FileHash in PowerShell, for one file. More in:"
    ),
    "with_program": later("With the program, on the file that you received:"),
}
_LISTS = {
    "documents": later("Documents"),
    "search": later("Search in the list"),
    "all": later("All"),
    "shown": later("{shown} of {total} shown"),
    "clear": later("Clear the filter"),
    "nothing_fits": later("No document fits the filter."),
    "more": later("Show more ({n})"),
    "number": later("Number"),
    "exhibit": later("Exhibit"),
    "kind": later("Kind"),
    "pages": later("Pages"),
    "marks": later("Marks"),
    "reason": later("Reason"),
    "reasons": later("Reasons"),
    "checked": later("Check"),
    "withheld": later("Withheld"),
    "nothing_withheld": later("Nothing was withheld."),
    "basis": later("Basis"),
    "slip": later("Slip sheet"),
    "totals": later("Totals"),
    "t_case": later("Exhibits in the case"),
    "t_delivered": later("Exhibits delivered"),
    "t_withheld": later("Exhibits withheld"),
    "t_left": later("Exhibits not selected"),
    "t_files": later("Files delivered"),
    "k_redacted": later("redacted"),
    "k_original": later("original"),
    "k_slip-sheet": later("slip sheet"),
    "show": later("Show {number}"),
    "close": later("Close"),
    "previous": later("Previous"),
    "next": later("Next"),
    "own_tab": later("Open in a tab of its own"),
    "no_view": later(
        "This kind of file is not shown here: an original may hold anything, scripts too. Open it with a program that "
        "you trust:"
    ),
    "no_pdf": later("This browser shows no PDF inside a page. Open it in a tab of its own."),
}
_REASONS = {
    "r_child": later("child"),
    "r_reporter": later("reporter"),
    "r_witness": later("witness"),
    "r_third-party": later("third party"),
    "r_respondent": later("respondent"),
    "r_address": later("address"),
    "r_contact": later("contact details"),
    "r_birth": later("date of birth"),
    "r_health": later("health"),
    "r_location": later("place"),
    "r_image": later("image"),
    "r_privilege": later("legal privilege"),
    "r_other": later("other reason"),
    "r_rights-of-others": later("rights and freedoms of others (art. 15(4) GDPR)"),
    "r_restriction": later("a law restricts access (art. 23 GDPR)"),
}
_ANSWER = {
    "answer": later("An answer to a request for access"),
    "a_request": later("With this bundle a person gets what is about them (art. 15 GDPR). In this case they stand as:"),
    "a_how": later(
        "Their own names were left open in these copies. Names and other data of everybody else were hidden (art. "
        "15(4) GDPR), and so was what may be somebody else's."
    ),
    "a_about": later("Documents about the person"),
    "a_delivered": later("Documents delivered"),
    "a_refused": later("Documents refused"),
    "a_uncopied": later("No copy could be made"),
    "a_rest": later("Items of the case that are not about the person"),
    "a_appeal": later(
        "Whoever does not agree with a refusal can complain to the supervisory authority or go to court (art. 12(4) "
        "GDPR)."
    ),
}
_EVERY = {**_ABOUT, **_CHECK, **_SIGNATURE, **_LISTS, **_REASONS, **_ANSWER}
KEYS = tuple(_EVERY)


def reason(code: str, language: str) -> str:
    """A reason code as people say it; one of a policy's own, as it is."""
    text = _REASONS.get(f"r_{code}")
    return tr_in(language, text) if text else code


def words(language: str) -> dict[str, str]:
    """Every text of the page under its key, in one language."""
    return {key: tr_in(language, text) for key, text in _EVERY.items()}


def catalogues() -> dict[str, dict[str, str]]:
    """The words of every language."""
    return {language: words(language) for language in LANGUAGES}
