/** Shells that completions are made for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** A shell that completions are made for. */
export type Shell = (typeof SHELLS)[number];

/** The hidden command that the scripts ask. */
export const COMPLETE_WORDS = "complete-words";

// Each script hands over the words up to the cursor. The answer's first line says what kind of words may follow; where
// these are files, the shell knows better. The other lines are a word, a tab and what it means.

const BASH = `# bash completion of nix-cache-builder
_nix_cache_builder() {
  local kind word
  COMPREPLY=()
  {
    IFS= read -r kind
    while IFS=$'\\t' read -r word _; do COMPREPLY+=("$word"); done
  } < <("$1" ${COMPLETE_WORDS} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  case $kind in
    files) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
    directories) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
  esac
}
complete -F _nix_cache_builder nix-cache-builder
`;

const ZSH = `#compdef nix-cache-builder
_nix_cache_builder() {
  local kind line
  local -a answer entries
  answer=("\${(@f)$("\${words[1]}" ${COMPLETE_WORDS} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  kind=$answer[1]
  for line in "\${(@)answer[2,-1]}"; do
    entries+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  case $kind in
    files) _files ;;
    directories) _files -/ ;;
    *) _describe -t words nix-cache-builder entries ;;
  esac
}
if [[ $funcstack[1] == _nix_cache_builder || $funcstack[1] == _nix-cache-builder ]]; then
  _nix_cache_builder "$@"
else
  compdef _nix_cache_builder nix-cache-builder
fi
`;

const FISH = `# fish completion of nix-cache-builder
function __nix_cache_builder_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l answer ($before[1] ${COMPLETE_WORDS} -- $before[2..-1] "$current" 2>/dev/null)
    switch "$answer[1]"
        case files
            __fish_complete_path "$current"
        case directories
            __fish_complete_directories "$current"
        case '*'
            test (count $answer) -gt 1; and printf '%s\\n' $answer[2..-1]
    end
end
complete --command nix-cache-builder --no-files --arguments '(__nix_cache_builder_complete)'
`;

/** What a shell reads to complete words of the command line. */
export const SHELL_SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
