"""The default of every API view, in a module that imports no view: DRF reads it while it loads."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class Nobody(BasePermission):
    """A view that forgets to say who may use it lets nobody in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False
