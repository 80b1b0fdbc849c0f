"""A way through a SOCKS5 proxy (RFC 1928, with names and passwords of RFC 1929)."""

from __future__ import annotations

import http.client
import socket
from typing import Any

from sd_model_manager.download.transfer.proxies import Proxy, Socks
from sd_model_manager.lib.address_guard import CheckedTarget


def open_through_socks(sock: socket.socket, target: CheckedTarget, proxy: Proxy, socks: Socks) -> None:
    """Have the proxy connect to the target: by the address that was checked, or by name where the proxy is to look that
    up itself.

    Raises:
        OSError: the connection to the proxy failed.
        http.client.HTTPException: the proxy refuses, or is none.
    """
    from socksio import ProtocolError, SOCKSError

    try:
        _negotiate(sock, (target.host if socks.looks_names_up else target.addresses[0], target.port), proxy, socks)
    except (ProtocolError, SOCKSError, ValueError) as error:
        raise http.client.HTTPException(f"{proxy.host}:{proxy.port} does not answer as a SOCKS5 proxy") from error


def _negotiate(sock: socket.socket, address: tuple[str, int], proxy: Proxy, socks: Socks) -> None:
    from socksio import socks5

    where = f"the proxy {proxy.host}:{proxy.port}"
    method = socks5.SOCKS5AuthMethod.NO_AUTH_REQUIRED
    if socks.username is not None:
        method = socks5.SOCKS5AuthMethod.USERNAME_PASSWORD
    conversation = socks5.SOCKS5Connection()
    answer = _ask(sock, conversation, socks5.SOCKS5AuthMethodsRequest([method]))
    if answer.method != method:
        raise http.client.HTTPException(f"{where} wants another way of logging in")
    if socks.username is not None:
        secret = (socks.username.encode(), socks.password.encode())
        if not _ask(sock, conversation, socks5.SOCKS5UsernamePasswordRequest(*secret)).success:
            raise http.client.HTTPException(f"{where} does not accept the name and password in its setting")
    wish = socks5.SOCKS5CommandRequest.from_address(socks5.SOCKS5Command.CONNECT, address)
    reply = _ask(sock, conversation, wish).reply_code
    if reply != socks5.SOCKS5ReplyCode.SUCCEEDED:
        raise http.client.HTTPException(f"{where} answers: {reply.name.replace('_', ' ').lower()}")


def _ask(sock: socket.socket, conversation: Any, question: Any) -> Any:
    """One of the short messages of this protocol for another."""
    conversation.send(question)
    sock.sendall(conversation.data_to_send())
    return conversation.receive_data(sock.recv(4096))
