"""What a server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from vangrail import knowledge

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vangrail.web.settings")
application = get_wsgi_application()

# What is there from the start stays until the end: looking through all of it for cycles, time and again, took a third of the
# processor time of a page (benchmarks/register.py).
knowledge.framework()
gc.collect()
gc.freeze()
gc.set_threshold(10_000)
