"""The example merchant of `linkspan dev`, as an app its reader could have written."""

from linkspan.shop.app import create_shop

__all__ = ["create_shop"]
