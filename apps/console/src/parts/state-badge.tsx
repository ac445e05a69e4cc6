import { Popover, UnstyledButton } from '@mantine/core';
import { Icon } from './icons.tsx';
import css from './parts.module.css';
import { type StateWord, stateWord } from './states.ts';

export interface StateBadgeProps {
  /** State as the API names it. */
  readonly state: string;
  /** More than the word, such as "attempt 3 of 6". */
  readonly detail?: string;
  /** Whether a click tells what it means: on pages about one thing, not in rows of a table. */
  readonly explained?: boolean;
}

/** A state: picture, word and colour, so that none of them has to be seen. */
export function StateBadge({ state, detail, explained = false }: StateBadgeProps) {
  const known = stateWord(state);
  if (!explained) return <Face word={known} detail={detail} />;
  return (
    <Popover width={280} position="bottom-start" withArrow>
      <Popover.Target>
        <UnstyledButton aria-label={`${known.text}: what does it mean?`} mih={24}>
          <Face word={known} detail={detail} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>{known.meaning}</Popover.Dropdown>
    </Popover>
  );
}

/** Longer than any state's word: what stands beside it may go on in another line. */
const longestLine = 28;

function Face({ word, detail }: { readonly word: StateWord; readonly detail: string | undefined }) {
  const classes = [css.badge, css[word.tone]];
  if (word.outline) classes.push(css.outline);
  if (word.icon === 'question') classes.push(css.unknown);
  if (word.icon === 'dot') classes.push(css.moving);
  const text = detail === undefined ? word.text : `${word.text}, ${detail}`;
  if (text.length > longestLine) classes.push(css.long);
  return (
    <span className={classes.join(' ')} title={word.meaning}>
      <Icon name={word.icon} size={14} />
      {text}
    </span>
  );
}
