import type { Flag, Place, Word } from './words.ts';

const names = (words: readonly Word[]) => words.map(({ name }) => name).join(' ');

/** For `~/.bashrc`: `source <(drawbridge completion bash)`. Works without the package bash-completion. */
export function bashScript(places: readonly Place[]): string {
  const cases = places.map(
    ({ path, commands, flags }) => `    '${path}') words='${names([...commands, ...flags])}' ;;`,
  );
  return `# completion of drawbridge for bash
_drawbridge() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${commandPaths(places)} " in *" \${path:+$path/}$word "*) path="\${path:+$path/}$word" ;; esac
  done
  case "$previous" in
    ${fileFlags(places).join(' | ')}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  case "\${path//\\// }" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _drawbridge drawbridge
`;
}

/** For a folder of `$fpath` as `_drawbridge`, or `source <(drawbridge completion zsh)` after compinit. */
export function zshScript(places: readonly Place[]): string {
  const cases = places.map(({ path, commands, flags }) => {
    const described = [...commands, ...flags].map(
      ({ name, about }) => `'${zshText(name)}:${zshText(about)}'`,
    );
    return `    '${path}') found=(${described.join(' ')}) ;;`;
  });
  return `#compdef drawbridge
# completion of drawbridge for zsh
_drawbridge() {
  local at='' word
  local -a found=()
  for word in \${words[2,CURRENT-1]}; do
    case " ${commandPaths(places)} " in *" \${at:+$at/}$word "*) at="\${at:+$at/}$word" ;; esac
  done
  case "\${words[CURRENT-1]}" in
    ${fileFlags(places).join(' | ')}) _files; return ;;
  esac
  case "\${at//\\// }" in
${cases.join('\n')}
  esac
  _describe 'drawbridge' found
}
if [ "\${funcstack[1]}" = '_drawbridge' ]; then
  _drawbridge "$@"
else
  compdef _drawbridge drawbridge
fi
`;
}

/** For `~/.config/fish/completions/drawbridge.fish`. */
export function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, commands, flags }) => {
    const condition = `-n "test (__drawbridge_path) = '${path}'"`;
    return [
      ...commands.map(
        ({ name, about }) => `complete -c drawbridge -f ${condition} -a ${name} -d ${fishText(about)}`,
      ),
      ...flags.map(
        (flag) =>
          `complete -c drawbridge ${condition} -l ${flag.name.slice(2)}${fishValue(flag)} -d ${fishText(flag.about)}`,
      ),
    ];
  });
  return `# completion of drawbridge for fish
function __drawbridge_path
  set -l path
  for word in (commandline -opc)[2..]
    if contains -- (string join / $path $word) ${commandPaths(places)}
      set path $path $word
    end
  end
  echo "$path"
end
${lines.join('\n')}
`;
}

/** Paths of all commands with slashes between their words: what a word has to be to lead further. */
function commandPaths(places: readonly Place[]): string {
  return places
    .map(({ path }) => path.replaceAll(' ', '/'))
    .filter((path) => path !== '')
    .join(' ');
}

function fileFlags(places: readonly Place[]): readonly string[] {
  const flags = places.flatMap(({ flags: own }) => own.filter(({ value }) => value === 'file'));
  return [...new Set(flags.map(({ name }) => name))];
}

function zshText(text: string): string {
  return text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
}

function fishText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function fishValue({ value }: Flag): string {
  if (value === 'none') return ' -f';
  return value === 'file' ? ' -r' : ' -x';
}
