import type { Command } from 'commander';
import { commands } from '../commands/index.ts';
import { storeFlags } from './config.ts';
import type { Builder } from './leaf.ts';

/** `drawbridge demo`, `drawbridge completion SHELL` */
export function addTools(program: Command, { add }: Builder): void {
  add(program, {
    usage: 'demo',
    description: 'Show OpenBao at work: a value written, read, overridden and explained.',
    examples: ['drawbridge demo', 'drawbridge demo --sso'],
    flags: (command) => storeFlags(command.option('--sso', 'as the person who signed in')),
    load: async () => (await commands.demo()).demo,
  });
  add(program, {
    usage: 'completion <shell>',
    description: 'Print a script that completes commands: bash, zsh or fish.',
    examples: [
      'source <(drawbridge completion bash)',
      'source <(drawbridge completion zsh)',
      'drawbridge completion fish > ~/.config/fish/completions/drawbridge.fish',
    ],
    load: async () => (await commands.completion()).printCompletion,
  });
}
