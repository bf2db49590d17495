/** Names of the tags by which the app knows its own image versions, in lower case. */
export const RECORD_TAG = "vhd-to-image-record";
export const REQUEST_TAG = "vhd-to-image-request";
