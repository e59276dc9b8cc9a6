/** Each script asks `ize __complete` with the words typed so far and falls back to file names. */
export const scripts = {
  bash: `# Completion of ize for bash: source <(ize completion bash)
_ize() {
  local IFS=$'\\n' word="\${COMP_WORDS[COMP_CWORD]}"
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  local found=($(ize __complete -- "\${words[@]}" 2>/dev/null))
  COMPREPLY=()
  local candidate
  for candidate in "\${found[@]}"; do
    [[ $candidate == "$word"* ]] && COMPREPLY+=("$(printf '%q' "$candidate")")
  done
}
complete -o default -F _ize ize
`,
  zsh: `#compdef ize
# Completion of ize for zsh: ize completion zsh > a folder of $fpath, as _ize
_ize() {
  local -a found
  found=("\${(@f)$(ize __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then
    compadd -- "\${found[@]}"
  else
    _files
  fi
}
if [[ "$funcstack[1]" == _ize ]]; then
  _ize "$@"
else
  compdef _ize ize
fi
`,
  fish: `# Completion of ize for fish: ize completion fish > ~/.config/fish/completions/ize.fish
function __ize_complete
    set -l words (commandline -opc) (commandline -ct)
    ize __complete -- $words[2..-1] 2>/dev/null
end
complete -c ize -a '(__ize_complete)'
`,
} as const
