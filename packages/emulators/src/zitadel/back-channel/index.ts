export { BackChannel, type BackChannelOptions } from './back-channel.ts';
