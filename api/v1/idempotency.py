"""`Idempotency-Key`: the same write sent twice is done once and answered twice."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from api.models import IdempotentAnswer

HEADER = "Idempotency-Key"
PATTERN = r"^[!-~]([ -~]{0,78}[!-~])?$"
Method = Callable[..., Response]


class KeyReused(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = _("This Idempotency-Key was used for another request.")
    default_code = "key_reused"


def idempotent(method: Method) -> Method:
    """Make a handler answer a repeated request with its first answer.

    Only answers that did something are kept: a refusal rolls the key back together with everything else.
    """

    @wraps(method)
    def handler(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        user_id = request.user.pk
        if key is None or user_id is None:
            return method(view, request, *args, **kwargs)
        if not re.fullmatch(PATTERN, key):
            raise exceptions.ValidationError({HEADER: [_("At most 80 printable ASCII characters.")]})
        fingerprint = _fingerprint(request)
        with transaction.atomic():
            claim = IdempotentAnswer.objects.claim(user_id=user_id, key=key, fingerprint=fingerprint, at=timezone.now())
            if claim is None:
                return _first_answer(user_id, key, fingerprint)
            response = method(view, request, *args, **kwargs)
            claim.keep(response.status_code, json.loads(json.dumps(response.data, cls=JSONEncoder)))
            return response

    return handler


def _first_answer(user_id: int, key: str, fingerprint: str) -> Response:
    first = IdempotentAnswer.objects.get(user_id=user_id, key=key)
    if first.fingerprint != fingerprint:
        raise KeyReused
    return Response(first.body, status=first.status, headers={"Idempotent-Replayed": "true"})


def _told(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256(b"".join(value.chunks())).hexdigest()
    value.seek(0)
    return f"{value.name} {digest}"


def _fingerprint(request: Request) -> str:
    sent = dict(request.data.lists()) if isinstance(request.data, QueryDict) else request.data
    body = json.dumps(sent, sort_keys=True, default=_told)
    text = "\n".join([request.method or "", request.get_full_path(), body])
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
