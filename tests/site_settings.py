"""The settings of the site under test: those of an installation, in a data folder that is thrown away."""

import os
import tempfile

os.environ |= {"VANGRAIL_DATA": tempfile.mkdtemp(prefix="vangrail-tests-"), "VANGRAIL_HTTPS": "no"}

from vangrail.web.settings import *  # noqa: F403  the place of the data comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in by the hundred
MIDDLEWARE = [m for m in MIDDLEWARE if "whitenoise" not in m]  # noqa: F405  it looks for files that tests do not collect
