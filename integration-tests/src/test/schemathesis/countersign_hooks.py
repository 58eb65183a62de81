# SPDX-FileCopyrightText: Countersign contributors
# SPDX-License-Identifier: Apache-2.0
"""What Schemathesis does not know by itself: EST's requests are text."""

import schemathesis


@schemathesis.serializer("application/pkcs10")
def pkcs10(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@schemathesis.serializer("application/cbor")
def cbor(ctx, value):
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
