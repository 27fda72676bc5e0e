-- Sends every CT study to Osteon once nothing more of it came for StableAge seconds. Osteon sends its results back by itself
-- (`osteon serve --deliver-to http://127.0.0.1:8042/dicom-web/`); the study is then stable once more and is sent again, which starts nothing.

local function hasCT(study)
  for _, series in ipairs(ParseJson(RestApiGet('/studies/' .. study .. '/series'))) do
    if series['MainDicomTags']['Modality'] == 'CT' then
      return true
    end
  end
  return false
end

function OnStableStudy(studyId, tags, metadata)
  if not hasCT(studyId) then
    return
  end
  -- Orthanc never sends a failed job again by itself, and the next stable study would hide it: look at /jobs?expand for failures.
  RestApiPost('/dicom-web/servers/osteon/stow', DumpJson({ Resources = { studyId }, Synchronous = false }, true))
end
