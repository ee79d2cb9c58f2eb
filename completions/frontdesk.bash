# Completion of frontdesk for bash 3.2 and newer: put this file where bash-completion looks,
#   frontdesk completions bash > ~/.local/share/bash-completion/completions/frontdesk
# or read it in ~/.bashrc:
#   source <(frontdesk completions bash)

_frontdesk() {
    # bash breaks words at @, = and : too. Here they are whole again, up to the cursor.
    local rest="${COMP_LINE:0:$COMP_POINT}" place gap word
    local -a typed=()
    for ((place = 0; place <= COMP_CWORD; place++)); do
        gap="${rest%%[![:space:]]*}"
        rest="${rest#"$gap"}"
        word="${COMP_WORDS[place]}"
        if ((place == COMP_CWORD)) || [[ "$rest" != "$word"* ]]; then
            word="$rest"
        fi
        rest="${rest#"$word"}"
        if ((${#typed[@]} == 0)) || [[ -n "$gap" ]]; then
            typed+=("$word")
        else
            typed[${#typed[@]}-1]+="$word"
        fi
    done

    # readline replaces only what it takes for the word ($2): what stands before it is kept.
    local index=$((${#typed[@]} - 1)) quote="" kept=""
    local current="${typed[index]}"
    case "$current" in
        \"* | \'*) quote="${current:0:1}" ;;
        *"$2") kept="${current%"$2"}" ;;
    esac
    kept="${kept//\\/}"

    # What was quoted is read without its quotes.
    local -a words=()
    for word in "${typed[@]}"; do
        case "$word" in
            \"* | \'*)
                word="${word#?}"
                word="${word%[\"\']}"
                ;;
        esac
        words+=("${word//\\/}")
    done

    local candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        candidate="${candidate:${#kept}}"
        if [[ -z "$quote" && "$candidate" == *[!A-Za-z0-9@%+=:,./_~-]* ]]; then
            printf -v candidate '%q' "$candidate"
        fi
        COMPREPLY+=("$candidate")
    done < <(command frontdesk __complete bash "$index" -- "${words[@]}" 2>/dev/null)
    if ((${#COMPREPLY[@]} == 1)) && [[ "${COMPREPLY[0]}" == */ ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

# An older bash does not know nosort.
complete -o nosort -F _frontdesk frontdesk 2>/dev/null || complete -F _frontdesk frontdesk
