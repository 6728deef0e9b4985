"""``custody timestamp``: ask an authority outside the house when a checkpoint existed, and keep its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evidencevault.cli.cases import Reference
from evidencevault.cli.custody import custody, read_file, write_new
from evidencevault.cli.face import face_of, plain
from evidencevault.custody import timestamps
from evidencevault.errors import UsageError
from evidencevault.resources import tr


def register(app: typer.Typer) -> None:
    """Hang the command into the group ``custody``."""
    custody.command()(timestamp)


def timestamp(
    ctx: typer.Context,
    reference: Reference,
    request: Annotated[
        Path | None, typer.Option(help="A new file, to be sent to an authority.", metavar="FILE")
    ] = None,
    token: Annotated[Path | None, typer.Option(help="The authority's answer (.tsr).", metavar="FILE")] = None,
    ca: Annotated[
        Path | None,
        typer.Option(help="The authority's root certificates (PEM); else they stay unchecked.", metavar="F"),
    ] = None,
) -> None:
    """RFC 3161: write a request over the newest checkpoint, or check and keep the authority's answer."""
    face = face_of(ctx)
    if (request is None) == (token is None) or (ca is not None and token is None):
        raise UsageError(tr("Give --request FILE, or --token FILE with --ca FILE; one of the two."))
    answer = read_file(token) if token else b""
    roots = read_file(ca) if ca else b""
    with face.session() as session:
        case = session.case(reference)
        if request is not None:
            data, size = timestamps.request(case)
            write_new(request, data)
            face.show(
                {"case": case.reference, "file": str(request), "size": size},
                tr("The request over the checkpoint at {n} entries is in {file}.").format(n=size, file=plain(request)),
            )
            return
        done = timestamps.keep(case, answer, roots)
    face.show(
        {"case": case.reference, "size": done.size, "time": done.time, "authority": bool(roots)},
        tr("The checkpoint at {n} entries was stamped on {time}; that is kept.").format(n=done.size, time=done.time),
        *([] if roots else [tr("Whose stamp it is was not checked: give the authority's certificates (--ca).")]),
    )
