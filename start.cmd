@echo off
rem Start outreach on Windows: the same as ./start elsewhere. Written with care; nobody has tried it on Windows yet.
rem
rem   start.cmd              opens the pages in a browser (outreach serve)
rem   start.cmd guide ...    any other outreach command; start.cmd --help lists them
rem   start.cmd test ...     the tests; what follows goes to pytest
rem   start.cmd prove ...    the long proofs
rem   start.cmd hub ...      what a hub on PostgreSQL does; installs what that needs
rem
rem Cards need Pango, which Windows does not have: install MSYS2 (www.msys2.org), then in its window
rem   pacman -S mingw-w64-ucrt-x86_64-pango
rem or the GTK3 runtime. Without it guidance and counts work, and the browser prints the cards.
setlocal
set "here=%~dp0"
set "venv=%here%.venv"
set "python=%venv%\Scripts\python.exe"
set "extra="
set "lock=outreach\shipped\requirements.lock"
set "ready=%venv%\ready.txt"
if /i "%~1"=="test" set "extra=[test]"
if /i "%~1"=="prove" set "extra=[test]"
if defined extra set "lock=.ci\requirements-test.lock"
if defined extra set "ready=%venv%\ready-for-tests.txt"
if /i "%~1"=="hub" set "extra=[hub]"
if /i "%~1"=="hub" set "lock=outreach\shipped\requirements-hub.lock"
if /i "%~1"=="hub" set "ready=%venv%\ready-for-hub.txt"

rem What is installed is right while this line prints the same: the place, the Python, the bytes of the sources.
set "stamp=import hashlib, pathlib, sys; here = pathlib.Path(sys.argv[1]).resolve(); tops = [here / name for name in ('pyproject.toml', 'README.md', 'LICENSE', 'NOTICE', 'outreach', 'locales', 'printables', '.ci/requirements-test.lock')]; files = sorted(each for top in tops for each in [top, *top.rglob('*')] if each.is_file() and each.suffix not in ('.pyc', '.mo')); print(ascii(str(here)), sys.version.split()[0], hashlib.sha256(b''.join(str(each).encode() + hashlib.sha256(each.read_bytes()).digest() for each in files)).hexdigest())"

if not exist "%python%" goto install
if not exist "%ready%" goto install
"%python%" -c "%stamp%" "%here%." > "%venv%\now.txt" 2>nul
if errorlevel 1 goto install
fc /b "%venv%\now.txt" "%ready%" >nul 2>&1
if errorlevel 1 goto install
goto run

:install
py -3 -c "import sys; sys.exit(sys.version_info[:2] not in [(3, minor) for minor in range(11, 99)])" >nul 2>&1
if errorlevel 1 goto nopython
echo This start will put outreach and the Python packages it uses into the folder .venv here.
echo Packages that are not on this computer yet come over the network. Later starts need none.
if not exist "%venv%\" goto make
if exist "%venv%\made-by-start.txt" goto remove
echo There is a .venv here that start.cmd did not make. Rename or delete it, then run start.cmd again.
exit /b 1
:remove
rmdir /s /q "%venv%"
if exist "%venv%\" goto inuse
:make
mkdir "%venv%"
echo This folder can be deleted; start.cmd makes it anew.> "%venv%\made-by-start.txt"
py -3 -m venv "%venv%"
if errorlevel 1 goto failed
"%python%" -c "%stamp%" "%here%." > "%venv%\now.txt"
if errorlevel 1 goto failed
pushd "%here%."
if exist "%lock%" goto locked
"%python%" -m pip install --disable-pip-version-check --quiet ".%extra%"
goto filled
:locked
"%python%" -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes -r "%lock%"
if not errorlevel 1 "%python%" -m pip install --disable-pip-version-check --quiet --no-build-isolation --no-deps .
:filled
set "failed=%errorlevel%"
popd
if not "%failed%"=="0" goto failed
rem The stamp comes last: without it the next start installs again.
if defined extra copy /y "%venv%\now.txt" "%ready%" >nul
copy /y "%venv%\now.txt" "%venv%\ready.txt" >nul
echo Installed.

:run
if /i "%~1"=="test" goto test
if /i "%~1"=="prove" goto prove
if "%~1"=="" goto serve
"%venv%\Scripts\outreach.exe" %*
exit /b %errorlevel%

:serve
"%venv%\Scripts\outreach.exe" serve
exit /b %errorlevel%

:test
pushd "%here%."
"%python%" -P -m pytest -n 2 --dist worksteal -m "not proof" %2 %3 %4 %5 %6 %7 %8 %9
exit /b %errorlevel%

:prove
pushd "%here%."
"%python%" -P -m pytest -n 2 --dist loadfile -m proof -o "norecursedirs=.* build dist" %2 %3 %4 %5 %6 %7 %8 %9
exit /b %errorlevel%

:nopython
echo outreach needs Python 3.11 or newer with its "py" launcher: install it from www.python.org and run start.cmd again.
exit /b 1

:inuse
echo The folder .venv is in use: close the other outreach window, then run start.cmd again.
exit /b 1

:failed
echo outreach could not be installed. Is there a network? Nothing half-made is used: run start.cmd again.
exit /b 1
