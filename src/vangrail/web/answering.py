"""What the server of `vangrail serve` calls: as `wsgi`, and it ends when the server above it ends, however that ended."""

import multiprocessing
import os
import threading

from vangrail.web.wsgi import application

__all__ = ["application"]


def _end_with_the_server() -> None:
    above = multiprocessing.parent_process()
    if above is not None:
        above.join()
        os._exit(1)


threading.Thread(target=_end_with_the_server, daemon=True).start()
