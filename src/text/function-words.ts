import { stem } from './stem.ts';

/** Stems of English words that carry no meaning of their own. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  'a an the and or but so if then than that this these those it its is are was were be been being am do does did has have had will would can could may might shall should must i we you he she they me us them my our your their of to in on at for from by with as about into over not no there here what when where which who how why all any some each every more most very just also only please thank'
    .split(' ')
    .map(stem),
);
/** Chinese characters that alone carry no meaning of their own. */
export const FUNCTION_HAN: ReadonlySet<string> = new Set(
  '的了是在和与也都就还请您你我们他它这那个有会能可把被给对到为从以及或如果但而因所',
);
