# Finds a JDK 25 and Maven, or says what to do. Sourced by ./run and ./verify.

java_major() {
  "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p'
}

find_jdk() {
  local candidate major
  for candidate in "${JAVA_HOME:-}" \
      /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] || continue
    major=$(java_major "$candidate")
    case "$major" in ''|*[!0-9]*) continue ;; esac
    if [ "$major" -ge 25 ]; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  local onpath
  onpath=$(command -v javac 2>/dev/null) || onpath=
  if [ -n "$onpath" ]; then
    onpath=$(readlink -f "$onpath")
    candidate=${onpath%/bin/javac}
    major=$(java_major "$candidate")
    case "$major" in ''|*[!0-9]*) major=0 ;; esac
    if [ "$major" -ge 25 ]; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  fi
  cat >&2 <<'TEXT'
Turnout needs a JDK 25 or newer, and none was found.
  Debian, Ubuntu:  install temurin-25-jdk from https://adoptium.net/installation/linux/
  macOS:           brew install openjdk
  any system:      https://adoptium.net/temurin/releases/?version=25
Then run this again, or set JAVA_HOME to where it is.
TEXT
  return 1
}

find_maven() {
  if command -v mvn >/dev/null 2>&1; then
    MVN=mvn
    return 0
  fi
  cat >&2 <<'TEXT'
Turnout is built with Maven 3.8.7 or newer, and `mvn` was not found.
  Debian, Ubuntu:  sudo apt-get install maven
  macOS:           brew install maven
  any system:      https://maven.apache.org/download.cgi
TEXT
  return 1
}
