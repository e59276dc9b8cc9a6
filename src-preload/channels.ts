/** Names of the two IPC channels between a window and the main process. */
export const FROM_WINDOW = 'ize:from-window'
export const FROM_HOST = 'ize:from-host'
