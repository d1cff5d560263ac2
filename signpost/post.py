"""The post: messages on their way out, in a queue with a bound, and the one thread that sends them."""

from collections.abc import Mapping, Sequence
from queue import Queue
from threading import Event, Lock, Thread

from graph import Message
from signpost.letters import waits
from signpost.mail_server import MailServer, why
from signpost.screen import err

MOST = 200
PAUSES = (5.0, 30.0)  # seconds before the second try and the third
GRACE = 5.0  # seconds for what is on its way when the process ends


class Post:
    """Takes messages away at once, and tries each until the server takes it, three times at most.

    mailboxes: addresses by whom they are for; url: where people sign in.
    """

    def __init__(
        self,
        server: MailServer,
        mailboxes: Mapping[str, str],
        url: str,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._server, self._mailboxes, self._url, self._pauses = server, mailboxes, url, pauses
        self._queue: Queue[Message | None] = Queue()
        self._ended, self._lock = Event(), Lock()
        self._thread: Thread | None = None

    def send(self, message: Message) -> None:
        """Put a message on its way; whoever asked waits for nothing and is told of no failure."""
        if message.to not in self._mailboxes:
            _say(f"SIGNPOST_MAIL_TO_FILE has no row for {message.to}")
        elif self._ended.is_set() or self._queue.qsize() >= MOST:
            _say("too many wait already")
        else:
            self._queue.put(message)
            self._begin()

    def close(self, grace: float = GRACE) -> None:
        """End when all were tried, or after `grace` seconds; from now on no try waits for the next."""
        self._ended.set()
        self._queue.put(None)
        if self._thread is None:
            return
        self._thread.join(grace)
        if self._thread.is_alive():
            _say(f"the process ends; number of these: {self._queue.qsize()}")

    def _begin(self) -> None:
        """Make the thread with the first message: one that was made before a fork is dead after it."""
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="post", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while message := self._queue.get():
            self._deliver(message)

    def _deliver(self, message: Message) -> None:
        to, reason = self._mailboxes[message.to], ""
        letter = waits(self._server.sender, to, message.at, self._url)
        for pause in (0.0, *self._pauses):
            self._ended.wait(pause)
            try:
                self._server.take(to, letter)
                return
            # Nobody else would see it, and nothing would ever be sent again.
            except Exception as error:
                reason = why(error)
        _say(reason)


def _say(reason: str) -> None:
    said = f"signpost: a message was not sent: {reason}. What waits stands on the pages."
    err.print(said, markup=False, soft_wrap=True)
