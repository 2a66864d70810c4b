// What uppy.html runs: Uppy with its tus plugin, as a site would use it.
import Uppy from "@uppy/core";
import Tus from "@uppy/tus";

// Uploads the file that was chosen, and returns the upload's address.
window.upload = async (token) => {
  const uppy = new Uppy({ meta: { preset: "voice" } }).use(Tus, {
    endpoint: new URL("/v1/uploads", location).href,
    headers: { Authorization: `Bearer ${token}` },
    retryDelays: [0, 0, 0, 0, 0],
  });
  const [file] = document.querySelector("input").files;
  uppy.addFile({ name: file.name, type: file.type, data: file });
  const { successful, failed } = await uppy.upload();
  if (failed.length > 0) throw new Error(failed[0].error);
  return successful[0].uploadURL;
};
