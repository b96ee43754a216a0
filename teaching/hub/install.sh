#!/usr/bin/env bash
# Installs the course for all users of The Littlest JupyterHub: sudo bash teaching/hub/install.sh
# Run it again after `git pull`. The notebooks themselves come to the learners through nbgitpuller.
set -euo pipefail

cd "$(dirname "$0")/../.."
user=${TLJH_USER_ENV:-/opt/tljh/user}

"$user/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "The course needs Python 3.11 or newer; $user has $("$user/bin/python" --version)." >&2
  exit 1
}
"$user/bin/python" -m pip install --no-cache-dir .

# The settings that start.py also uses.
mkdir -p "$user/etc/jupyter" "$user/etc/ipython"
cp -R binder/jupyter/. "$user/etc/jupyter/"
cp binder/ipython/* "$user/etc/ipython/"

if [ -d /opt/tljh/config ]; then
  mkdir -p /opt/tljh/config/jupyterhub_config.d
  cp -n teaching/hub/course.py /opt/tljh/config/jupyterhub_config.d/course.py
fi
