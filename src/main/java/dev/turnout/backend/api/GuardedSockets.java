package dev.turnout.backend.api;

import dev.turnout.settings.EgressSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Supplier;
import javax.net.SocketFactory;

/**
 * Makes sockets that connect to nothing that the operator has closed. The address is looked at in
 * the moment of the connect, behind the name lookup: a name that answered well when it was checked
 * and leads to another address a moment later gains nothing.
 */
final class GuardedSockets extends SocketFactory {
  private final Supplier<EgressSettings> egress;

  /**
   * With what is allowed at the time of each connect.
   *
   * @param egress asked anew each time, so that a change counts from the next connection on
   */
  GuardedSockets(Supplier<EgressSettings> egress) {
    this.egress = egress;
  }

  /** Thrown in place of connecting. */
  static final class Refused extends IOException {
    Refused(InetAddress address, String why) {
      super(address.getHostAddress() + " is not asked: " + why);
    }
  }

  private final class Guarded extends Socket {
    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (endpoint instanceof InetSocketAddress inet && !inet.isUnresolved()) {
        var why = egress.get().refusal(inet.getAddress());
        if (why.isPresent()) {
          throw new Refused(inet.getAddress(), why.get());
        }
        super.connect(endpoint, timeout);
        return;
      }
      throw new IOException("only an address that was looked up can be asked");
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }
  }

  @Override
  public Socket createSocket() {
    return new Guarded();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(InetAddress.getByName(host), port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("no local address is chosen here");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException("no local address is chosen here");
  }

  private Socket connected(InetAddress host, int port) throws IOException {
    var socket = new Guarded();
    socket.connect(new InetSocketAddress(host, port));
    return socket;
  }
}
