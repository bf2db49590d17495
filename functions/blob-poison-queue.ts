/** The queue to which the host moves events of blobs that failed, in the account of the uploads. */
export const BLOB_POISON_QUEUE = "webjobs-blobtrigger-poison";
