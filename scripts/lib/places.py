"""Where this working copy keeps what is its own, who runs its services, and who may work on it now."""

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".yuli"
SHARED_HOME = Path("/var/lib/yuli")  # where root's data goes: the server may not run as root, nor read /root
SOCKET_PATH_LIMIT = 107  # bytes, of sockaddr_un
POSTGRES_SOCKET = ".s.PGSQL.5432"
DATABASE = "yuli"


class Trouble(Exception):
    """What went wrong and how to put it right, in one sentence for the person at the terminal."""

    def __init__(self, sentence: str, *, last_words: str = "") -> None:
        super().__init__(sentence)
        self.last_words = last_words

    def tell(self, program: str) -> int:
        """Print it, after the last words of what failed; return the exit code."""
        print(f"{self.last_words}\n{program}: {self}".lstrip("\n"), file=sys.stderr, flush=True)
        return 1


@dataclass(frozen=True)
class Account:
    """The system user that the services run as; `user` None means: the one who asks."""

    uid: int
    gid: int
    user: str | None


@dataclass(frozen=True)
class Places:
    """Where the services keep what is theirs."""

    home: Path
    sockets: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.home / "postgresql"

    @property
    def postgres_log(self) -> Path:
        return self.home / "postgresql.log"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    @property
    def redis_log(self) -> Path:
        return self.home / "redis.log"

    @property
    def redis_pid_file(self) -> Path:
        return self.home / "redis.pid"

    @property
    def stamps(self) -> Path:
        """What has been done to this database; goes with it when it goes."""
        return self.home / "stamps"

    @property
    def database_url(self) -> str:
        return f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(self.sockets))}"

    @property
    def redis_url(self) -> str:
        return f"unix://{quote(str(self.redis_socket))}?db=0"


def state_folder() -> Path:
    """Return .yuli, made when missing.

    Raises:
        Trouble: it belongs to somebody else, or cannot be made.
    """
    try:
        STATE.mkdir(exist_ok=True)
    except OSError as error:
        raise Trouble(f"Cannot make the folder {STATE} ({error.strerror}): make {ROOT} writable for you.") from error
    owner = STATE.stat().st_uid
    if owner != os.geteuid():
        name = _user_name(owner)
        raise Trouble(
            f"{STATE} was set up by {name}: go on as {name}, "
            f"or have {name} run scripts/services reset --yes and remove the folder."
        )
    return STATE


def places() -> Places:
    """Return where the services of this working copy live; nothing is made but .yuli."""
    state_folder()
    account = _account()
    home = _home(account)
    return Places(home=home, sockets=_sockets(home, account), account=account)


def _account() -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), None)
    try:
        entry = pwd.getpwnam("postgres")
    except KeyError:
        raise Trouble(
            "PostgreSQL may not run as root, and there is no user postgres to run it: "
            "apt-get install postgresql postgresql-postgis."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, "postgres")


def _home(account: Account) -> Path:
    """Return the data folder: recorded in .yuli/home, so that a moved working copy finds its data again."""
    record = STATE / "home"
    if record.exists():
        recorded = Path(record.read_text().strip())
        if _belongs_here(recorded):
            return recorded
    if account.user is None:
        home = Path(os.environ.get("YULI_SERVICES_HOME", STATE / "services"))
    else:
        base = Path(os.environ.get("YULI_SERVICES_HOME", SHARED_HOME))
        home = base / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    record.write_text(f"{home}\n")
    return home


def _belongs_here(home: Path) -> bool:
    """Tell whether `home` is this working copy's: a copied .yuli must not share the original's data."""
    try:
        of = (home / "working-copy").read_text().strip()
    except OSError:
        return False
    return of == str(ROOT) or not (Path(of) / ".yuli" / "home").exists()


def _sockets(home: Path, account: Account) -> Path:
    """Return a folder for the sockets: in `home`, unless its path is too long or too odd for a socket's address."""
    beside = home / "sockets"
    longest = len(os.fsencode(beside / POSTGRES_SOCKET))
    if longest <= SOCKET_PATH_LIMIT and re.fullmatch(r"[\w./-]+", str(beside), re.ASCII):
        return beside
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path("/tmp") / f"yuli-{account.uid}-{name}"


def make_places(at: Places) -> None:
    """Make the folders, private to the services' user.

    Raises:
        Trouble: a folder cannot be made, or somebody else holds its name.
    """
    at.home.parent.mkdir(parents=True, exist_ok=True)
    for folder in (at.home, at.stamps, at.sockets):
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {at.account.uid, os.geteuid()}:
                raise Trouble(f"{folder} is held by {_user_name(found.st_uid)}: remove it, then start again.")
            os.chown(folder, at.account.uid, at.account.gid)
            folder.chmod(0o700)
        except OSError as error:
            raise Trouble(
                f"Cannot prepare {folder} ({error.strerror}): free it, or name another place in YULI_SERVICES_HOME."
            ) from error
    (at.home / "working-copy").write_text(f"{ROOT}\n")


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


class Held:
    """A lock in our hands."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def say(self, who: str) -> None:
        """Tell those who come second who holds it."""
        self._file.truncate(0)
        self._file.write(who)
        self._file.flush()


@contextlib.contextmanager
def only_one(name: str, *, wait_s: float, busy: str) -> Iterator["Held"]:
    """Hold the lock .yuli/`name`; the kernel lets go of it when the process ends, however it ends.

    Args:
        busy: what to say when it is taken; {holder} stands for what its holder said of itself.

    Raises:
        Trouble: `busy`, when another process still holds it after `wait_s` seconds.
    """
    with (state_folder() / name).open("a+") as lock:
        deadline = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() >= deadline:
                    lock.seek(0)
                    raise Trouble(busy.format(holder=lock.read().strip() or "another process")) from None
                time.sleep(0.1)
        held = Held(lock)
        held.say(f"process {os.getpid()}")
        yield held
