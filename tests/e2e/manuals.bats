# What is written about the programs is true, and all of it.

load helper

# flags PROGRAM [COMMAND]: the long options that its help knows, those of `token create` behind token.
flags() {
    local parts=()
    [ $# = 1 ] || parts=($("$@" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p'))
    for part in "" "${parts[@]}"; do
        "$@" $part --help | grep -o -e '--[a-z][a-z0-9-]*'
    done | sort -u
}

# offered COMMAND: what may be typed behind it.
offered() {
    { flags mp3conv "$1" && flags mp3conv | grep -v -e --version; } | sort -u
}

commands="register verify login logout whoami convert upload status list wait download cancel retry rm token webhook password account completion"

@test "the man pages have no faults" {
    run ! grep -v "referenced manual not found" <(mandoc -Tlint -Wstyle "$root"/man/*.? 2>/dev/null)
}

@test "mp3conv(1) names every command and every option" {
    mandoc -Tascii -Owidth=200 "$root/man/mp3conv.1" | col -b >page
    [ "$(mp3conv --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | sort)" = "$(tr ' ' '\n' <<<"$commands" | sort)" ]
    for command in $commands; do
        grep -q "^ *$command\b" page
        for flag in $(flags mp3conv "$command"); do
            grep -q -e "$flag" page || { echo "$command $flag"; return 1; }
        done
    done
    for flag in $(flags mp3conv); do grep -q -e "$flag" page; done
}

@test "mp3convd.conf(5) names every setting with its default, mp3convd(8) every command" {
    mandoc -Tascii -Owidth=200 "$root/man/mp3convd.conf.5" | col -b >settings
    for flag in $(flags mp3convd | grep -v -e --help -e --version -e --config); do
        grep -q "^ *\(.*, \)\?${flag#--}\b" settings || { echo "$flag"; return 1; }
    done
    mandoc -Tascii -Owidth=200 "$root/man/mp3convd.8" | col -b >page
    for command in serve user invite check-config migrate version health mail queue job outbox fsck gc backup; do
        mp3convd --help | grep -q "^  $command "
        grep -q "^ *$command\b" page
    done
}

@test "the exit statuses of mp3conv(1) are those of the program's error table" {
    mandoc -Tascii -Owidth=200 "$root/man/mp3conv.1" | col -b |
        sed -n '/^EXIT STATUS/,/^EXAMPLES/p' | grep -o '^ *[0-9][0-9, ]*' | grep -o '[0-9]*' | sort -un >told
    sed -n 's/^ *{Errc::[a-z_0-9]*, {"[a-z_0-9]*", [0-9]*, \([0-9]*\), .*/\1/p' \
        "$root/common/error.cpp" | sort -un >known
    diff <(echo 0 | cat - known | sort -un) told
}

@test "bash completes every command and every option" {
    mp3conv completion bash >script
    cat >complete.bash <<'END'
. ./script
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_mp3conv
printf '%s\n' "${COMPREPLY[@]}"
END
    completed() { bash --norc complete.bash "$@" | sort -u; }
    [ "$(completed mp3conv "")" = "$(tr ' ' '\n' <<<"$commands" | sort)" ]
    for command in $commands; do
        diff <(completed mp3conv "$command" --) <(offered "$command")
    done
    [ "$(completed mp3conv convert --preset h)" = high ]
    [ "$(completed mp3conv convert --preset = h)" = high ]
    touch "a talk.mp4"
    [ "$(completed mp3conv convert "a t")" = "a talk.mp4" ]
}

@test "fish completes every command and every option" {
    mp3conv completion fish >script
    completed() { fish --no-config -c "source script; complete -C '$1'" | cut -f 1 | sort -u; }
    [ "$(completed 'mp3conv ')" = "$(tr ' ' '\n' <<<"$commands" | sort)" ]
    for command in $commands; do
        diff <(completed "mp3conv $command --") <(offered "$command")
    done
    [ "$(completed 'mp3conv convert --preset h')" = high ]
}

@test "zsh completes every command and every option" {
    mkdir functions
    mp3conv completion zsh >functions/_mp3conv
    # A terminal with zsh in it: type, press tab, and read until something that must be offered is
    # there (what is typed before would keep zsh from listing), then until the prompt is back.
    cat >complete.zsh <<'END'
zmodload zsh/zpty
zpty shell "zsh -f -i"
zpty -w shell 'fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -u -D'
zpty -w shell 'LISTMAX=0; COLUMNS=200; LINES=200; PROMPT=; setopt no_beep; stty -echo'
zpty -w shell 'zstyle ":completion:*" list-separator "#"; bindkey "^I" list-choices'
zpty -w shell "echo re''ady"
zpty -r shell output '*ready*'
zpty -w -n shell "$1"$'\t'
zpty -r shell listed "*$2*"
zpty -w -n shell $'\C-uecho do""ne\n'
zpty -r shell output '*done*'
print -r -- $listed$output
END
    completed() { timeout 20 zsh -f complete.zsh "$@" | tr '\r' '\n'; }
    for command in $commands; do
        completed "mp3conv $command --" --verbose | grep -o -e '--[a-z][a-z0-9-]*' | sort -u >seen
        diff seen <(offered "$command")
    done
    seen=$(completed "mp3conv " whoami)
    for command in $commands; do [[ $seen == *"$command"* ]]; done
}
