"""Makes one call, again where that may help."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from linkspan.client._breaking import Foresight
from linkspan.client._codec import Codec, Params
from linkspan.client._errors import APIConnectionError
from linkspan.client._pause import AsyncPause
from linkspan.client._retry import pause_seconds, should_retry
from linkspan.client._transport import AsyncTransport, Request, Response

T = TypeVar("T")


class AsyncCaller:
    """Sends what the resources ask for. A retry repeats the very same request, key included."""

    def __init__(
        self,
        transport: AsyncTransport,
        codec: Codec,
        foresight: Foresight,
        *,
        retries: int,
        pause: AsyncPause,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self._transport = transport
        self._codec = codec
        self.foresight = foresight
        self._retries = retries
        self._pause = pause
        self._random_bytes = random_bytes

    async def get(self, kind: type[T], path: str, params: Params) -> T:
        """Return the object that *path* names."""
        return self._codec.object_from(await self._answer(self._codec.get(path, params)), kind)

    async def post(self, kind: type[T], path: str, params: Params, idempotency_key: str | None) -> T:
        """Return the object that the change at *path* left."""
        request = self._codec.post(path, params, idempotency_key)
        return self._codec.object_from(await self._answer(request), kind)

    async def get_at(self, kind: type[T], address: str) -> T:
        """Return what the server keeps at an address it gave."""
        return self._codec.object_from(await self._answer(self._codec.get_at(address)), kind)

    async def post_json(self, kind: type[T], path: str, members: Params, idempotency_key: str | None) -> T:
        """Return the object that the change at *path*, told in JSON, left."""
        request = self._codec.post_json(path, members, idempotency_key)
        return self._codec.object_from(await self._answer(request), kind)

    async def delete(self, kind: type[T], path: str) -> T:
        """Return what is left of the object that *path* named."""
        return self._codec.object_from(await self._answer(self._codec.delete(path)), kind)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._transport.close()

    async def _answer(self, request: Request) -> Response:
        for retry in range(1, self._retries + 1):
            outcome = await self._outcome(request)
            if not should_retry(outcome):
                break
            await self._pause(pause_seconds(retry, self._random_bytes(1)[0] / 255))
        else:
            outcome = await self._outcome(request)
        if isinstance(outcome, APIConnectionError):
            raise outcome
        return outcome

    async def _outcome(self, request: Request) -> Response | APIConnectionError:
        try:
            return await self._transport.send(request)
        except APIConnectionError as failure:
            return failure
