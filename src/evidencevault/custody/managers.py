"""Who is whose line manager, as the vault ledger says."""

from __future__ import annotations

from evidencevault.custody.agreement import agreed
from evidencevault.custody.office import Office
from evidencevault.custody.standing import bosses
from evidencevault.errors import NotFound, Refused
from evidencevault.resources import tr


def set_manager(office: Office, name: str, manager: str) -> bool:
    """Say who somebody's line manager is (empty: nobody); with two admins both say it. True once in effect.

    Raises NotPermitted, NotFound, Refused (a circle, or nothing that would change).
    """
    office.require("admin")
    standing = office.standing
    for one in (name, manager) if manager else (name,):
        if one not in standing.members or one in standing.retired:
            raise NotFound(tr("There is no active user “{name}” in this vault.").format(name=one))
    if standing.managers.get(name, "") == manager:
        raise Refused(tr("That is so already. Nothing was changed."))
    if manager and name in (manager, *bosses(standing.managers, manager)):
        raise Refused(tr("Nobody is their own line manager, not by way of others either. Nothing was changed."))
    return agreed(office, "manager", {"member": name, "manager": manager})
