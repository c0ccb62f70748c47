package dev.turnout.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Connections that break between a commit and its answer, when a test wants it. */
public final class LostAnswers {
  private final DataSource database;
  private final AtomicReference<@Nullable String> next = new AtomicReference<>();

  public LostAnswers(DataSource database) {
    this.database = database;
  }

  /** The next statement with this in it takes effect, and its caller hears of a broken line. */
  public void loseNext(String sql) {
    next.set(sql);
  }

  /** Whether that has happened. */
  public boolean isLost() {
    return next.get() == null;
  }

  public DataSource dataSource() {
    return wrap(
        DataSource.class,
        (name, result, _) -> result instanceof Connection c ? connection(c) : result,
        database);
  }

  private Connection connection(Connection connection) {
    return wrap(
        Connection.class,
        (name, result, arguments) ->
            result instanceof PreparedStatement statement && name.equals("prepareStatement")
                ? statement(statement, (String) arguments[0])
                : result,
        connection);
  }

  private PreparedStatement statement(PreparedStatement statement, String sql) {
    return wrap(
        PreparedStatement.class,
        (_, result, _) -> {
          var wanted = next.get();
          if (result instanceof ResultSet
              && wanted != null
              && sql.contains(wanted)
              && next.compareAndSet(wanted, null)) {
            throw new SQLException("the line broke", "08006");
          }
          return result;
        },
        statement);
  }

  private interface After {
    Object apply(String name, Object result, Object[] arguments) throws SQLException;
  }

  private static <T> T wrap(Class<T> type, After after, T real) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              try {
                var result = method.invoke(real, arguments);
                return result == null ? null : after.apply(method.getName(), result, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
