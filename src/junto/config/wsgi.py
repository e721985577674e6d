"""The WSGI application that the web server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junto.config.settings")
application = get_wsgi_application()

# What was loaded stays, so the collector need not go through it again and again: a fifth of a page's time.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
