"""Settings of the Jupyter server, for start.py and for Binder."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """The kernel's websocket without Nagle's delay: a message leaves at once.

    By default the system waits for the browser to acknowledge one small packet before it sends the
    next. A moving picture answers a slider later by that much.
    """

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c = get_config()  # noqa: F821 (Jupyter provides it)
c.MultiKernelManager.default_kernel_name = "python3"  # whatever the system's settings say
c.ServerApp.kernel_websocket_connection_class = PromptConnection
