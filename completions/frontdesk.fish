# Completion of frontdesk for fish: put this file where fish looks,
#   frontdesk completions fish > ~/.config/fish/completions/frontdesk.fish

function __frontdesk_complete
    set --local typed (commandline --current-process --tokenize --cut-at-cursor)
    set --local current (commandline --current-token --cut-at-cursor)
    # A word that is being quoted is read without its quote.
    set current (string replace --regex '^[\'"]' '' -- "$current" | string unescape; or echo "$current")
    command frontdesk __complete fish (count $typed) -- $typed "$current" 2>/dev/null
end

complete --command frontdesk --no-files --keep-order --arguments '(__frontdesk_complete)'
