"""The Django project: settings, addresses, the door for a web server.

Django asks for `MySQLdb`. PyMySQL answers to that name: it is Python alone, so nothing has to be compiled and no client
library has to be installed. A portal that has `mysqlclient` already leaves this line out; nothing else changes.
"""

import pymysql

pymysql.install_as_MySQLdb()
